import sys

import pytest

from am_inspect import cli


@pytest.fixture
def command(monkeypatch, capsys):
    """Run `am-inspect` with arguments; give exit code, output and errors."""

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["am-inspect", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        told = capsys.readouterr()
        return ended.value.code or 0, told.out, told.err

    return call
