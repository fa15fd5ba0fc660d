"""The provider `amsim`: simulated subjects and scripted graders, all inside the package."""

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
from .bad_graders import BAD_GRADERS, grade_badly
from .phrases import load_bank
from .profiles import load_profile

RUBRIC = "rubric"


@modelapi(name="amsim")
class SimulatedAPI(ModelAPI):
    """`amsim/<profile>`, a simulated subject, or `amsim/rubric`, rules that grade.

    `amsim/hasty-grader` and `amsim/flaky-grader` grade badly, to try what finds bad graders.

    Nothing made with them says anything about a real model.

    Args:
        model_name: Name of a profile, `rubric`, or one of the bad graders.
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
        if model_name not in (RUBRIC, *BAD_GRADERS):
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
        if self.model_name in BAD_GRADERS:
            said = grade_badly(self.model_name, [message.text for message in input])
            return _said(self.model_name, said)
        return subject.play(self.model_name, self._bank, input, tools, config)

    def max_connections(self) -> int:
        """Nothing waits on a network, so more at once would gain nothing."""
        return 8


def _graded(prompt: str) -> ModelOutput:
    output = _said(RUBRIC, answer_original(prompt) or rubric.answer(prompt))
    output.metadata = {"simulated": True, "graded_by_rules": True}
    return output


def _said(name: str, text: str) -> ModelOutput:
    output = ModelOutput.from_content(f"amsim/{name}", text)
    output.usage = ModelUsage()
    output.metadata = {"simulated": True}
    return output
