"""The provider `amsim`: simulated subjects and the rule-based grader, all inside the package."""

from __future__ import annotations

from inspect_ai.model import (
    ChatMessage,
    GenerateConfig,
    ModelAPI,
    ModelOutput,
    ModelUsage,
    modelapi,
)
from inspect_ai.tool import ToolChoice, ToolInfo

from . import rubric, subject
from ._original_prompt import answer_original
from .phrases import load_bank
from .profiles import load_profile

RUBRIC = "rubric"


@modelapi(name="amsim")
class SimulatedAPI(ModelAPI):
    """`amsim/<profile>`, a simulated subject, or `amsim/rubric`, rules that grade.

    Nothing made with them says anything about a real model.

    Args:
        model_name: Name of a profile, or `rubric`.
        base_url: Not used.
        api_key: Not used.
        config: Generation settings.
        bank: Which phrase bank the subject speaks from, `A` or `B`.

    Raises:
        BadInputError: If there is no such profile or bank; the message lists them.
    """

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig | None = None,
        bank: str = "B",
    ) -> None:
        super().__init__(model_name, base_url, api_key, [], config or GenerateConfig())
        self._bank = bank
        if model_name != RUBRIC:
            load_profile(model_name)
            load_bank(bank)

    async def generate(
        self,
        input: list[ChatMessage],
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> ModelOutput:
        """Answer at once."""
        if self.model_name == RUBRIC:
            return _graded(input[-1].text)
        return subject.play(self.model_name, self._bank, input, tools, config)

    def max_connections(self) -> int:
        """Nothing waits on a network, so more at once would gain nothing."""
        return 8


def _graded(prompt: str) -> ModelOutput:
    output = ModelOutput.from_content(
        f"amsim/{RUBRIC}", answer_original(prompt) or rubric.answer(prompt)
    )
    output.usage = ModelUsage()
    output.metadata = {"simulated": True, "graded_by_rules": True}
    return output
