"""The commands and programs that the documentation tells people to run, taken out of its pages."""

import re
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path

from . import paths

PAGES = sorted(
    [
        paths.REPO / "README.md",
        *(paths.REPO / "docs").glob("*.md"),
        paths.REPO / "plugin-template" / "README.md",
        paths.REPO / "tests" / "e2e" / "README.md",
    ]
)
#: Programs of the project, which need not be on the machine's PATH.
OWN_PROGRAMS = {"patchbay", "patchbay-transcript", "plugin-check", "patchbay-route-sim"}
#: Words of the shell that no file has.
BUILT_IN = {"cd", "export", "set", "source", "umask", "unset"}
SHELL = {"sh", "bash", "console", "shell"}


@dataclass
class Block:
    """One block of code: `language` is that of the fence, "" if it is indented or not named."""

    page: Path
    line: int
    language: str
    text: str

    @property
    def place(self) -> str:
        return f"{self.page.relative_to(paths.REPO)}:{self.line}"

    @property
    def is_shell(self) -> bool:
        return self.language in SHELL or (not self.language and starts_program(self.text))

    def commands(self) -> list[str]:
        """One string for each command line: continued lines joined, here-documents and comments left out."""
        found: list[str] = []
        end = None
        joined = ""
        for line in self.text.splitlines():
            if end is not None:
                end = None if line.strip() == end else end
                continue
            joined += line
            if joined.endswith("\\"):
                joined = joined[:-1].rstrip() + " "
                continue
            here = re.search(r"<<-?'?(\w+)'?", joined)
            if here:
                end = here.group(1)
            command = re.sub(r"\s+#.*$", "", joined).strip()
            if command and not command.startswith("#"):
                found.append(re.sub(r"\s+", " ", command))
            joined = ""
        return found


def starts_program(text: str) -> bool:
    first = text.lstrip().splitlines()[0] if text.strip() else ""
    try:
        words = shlex.split(first.rstrip("\\"), comments=True)
    except ValueError:
        return False
    while words and re.fullmatch(r"\w+=.*", words[0]):
        words = words[1:]
    if not words:
        return False
    word = words[0]
    if word in OWN_PROGRAMS | BUILT_IN or word.startswith(("$HOME/", "./", "build/")) or shutil.which(word):
        return True
    file = paths.REPO / word
    return file.is_file() and "/" in word


def blocks(page: Path) -> list[Block]:
    """All code of a page, in its order."""
    found: list[Block] = []
    lines = page.read_text().splitlines()
    i = 0
    while i < len(lines):
        fence = re.match(r"(\s*)```(\w*)", lines[i])
        if fence:
            begin = i + 1
            i = begin
            while i < len(lines) and lines[i].strip() != "```":
                i += 1
            inside = [line.removeprefix(fence.group(1)) for line in lines[begin:i]]
            found.append(Block(page, begin + 1, fence.group(2), "\n".join(inside)))
            i += 1
        elif lines[i].startswith("    ") and (i == 0 or not lines[i - 1].strip()):
            begin = i
            while i < len(lines) and (lines[i].startswith("    ") or not lines[i].strip()):
                i += 1
            text = "\n".join(line[4:] for line in lines[begin:i]).rstrip("\n")
            found.append(Block(page, begin + 1, "", text))
        else:
            i += 1
    return found


def shell_blocks(page: Path) -> list[Block]:
    return [block for block in blocks(page) if block.is_shell]


def inline_code(page: Path) -> list[str]:
    """Every `code` within a sentence."""
    outside = re.sub(r"```.*?```", "", page.read_text(), flags=re.S)
    return [re.sub(r"\s+", " ", code) for code in re.findall(r"`([^`]+)`", outside)]


def commands():
    """Every command of every page, with the block it stands in."""
    for page in PAGES:
        for block in shell_blocks(page):
            for command in block.commands():
                yield block, command


def of_form(pattern: str) -> list[str]:
    """The commands in which the pattern is found, in the order of the pages."""
    return [command for _, command in commands() if re.search(pattern, command)]
