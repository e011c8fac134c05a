"""The command line: `patchbay ask "..." --model openai/gpt-4o` and `patchbay chat`."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any, Dict, List, Optional

from . import __version__
from .exceptions import PatchbayError

DEFAULT_MODEL = "openai/gpt-4o-mini"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="patchbay", description="Ask models of any provider.")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (("ask", "ask one question"), ("chat", "talk; an empty line or Ctrl-D ends it")):
        command = commands.add_parser(name, help=text, description=text)
        if name == "ask":
            command.add_argument("text", nargs="?", help="the question; '-' or nothing: the standard input")
            command.add_argument("--stream", action="store_true", help="print the answer as it comes")
        command.add_argument(
            "--model",
            "-m",
            default=os.environ.get("PATCHBAY_MODEL", DEFAULT_MODEL),
            help="provider/model (PATCHBAY_MODEL; %(default)s)",
        )
        command.add_argument("--system", "-s", help="what the model is told first")
        command.add_argument("--config", "-c", help="a config.yaml, of whose models --model names one")
        command.add_argument("--api-base", help="the provider's address")
        command.add_argument("--temperature", type=float)
        command.add_argument("--max-tokens", type=int)
        command.add_argument("--timeout", type=float, help="seconds for an answer")
    return parser


def _asker(given: argparse.Namespace) -> Any:
    """completion() for these flags."""
    from . import completion
    from .router import Router

    parameters: Dict[str, Any] = {
        "model": given.model,
        "api_base": given.api_base,
        "temperature": given.temperature,
        "max_tokens": given.max_tokens,
        "timeout": given.timeout,
    }
    parameters = {name: value for name, value in parameters.items() if value is not None}
    function = Router.from_config(given.config).completion if given.config else completion
    return lambda messages, stream: function(messages=messages, stream=stream, **parameters)


def _print_answer(answer: Any) -> str:
    """Prints a stream as it comes; the whole text."""
    said = ""
    for chunk in answer:
        piece = chunk.choices[0].delta.content or ""
        said += piece
        print(piece, end="", flush=True)
    print()
    return said


def _ask(given: argparse.Namespace, messages: List[Dict[str, str]]) -> int:
    text = given.text
    if text is None or text == "-":
        text = sys.stdin.read()
    messages.append({"role": "user", "content": text})
    ask = _asker(given)
    if given.stream:
        _print_answer(ask(messages, True))
    else:
        print(ask(messages, False).choices[0].message.content or "")
    return 0


def _chat(given: argparse.Namespace, messages: List[Dict[str, str]]) -> int:
    """A question that fails is told and forgotten; the talk goes on."""
    ask = _asker(given)
    status = 0
    while True:
        try:
            text = input("> " if sys.stdin.isatty() else "")
        except EOFError:
            return status
        if not text.strip():
            return status
        messages.append({"role": "user", "content": text})
        try:
            messages.append({"role": "assistant", "content": _print_answer(ask(messages, True))})
            status = 0
        except PatchbayError as error:
            print(f"patchbay: {error}", file=sys.stderr)
            messages.pop()
            status = 1


def main(arguments: Optional[List[str]] = None) -> int:
    """Runs the command line; the exit status."""
    given = _parser().parse_args(arguments)
    messages = [{"role": "system", "content": given.system}] if given.system else []
    for stream in (sys.stdout, sys.stderr):  # what the terminal cannot show is no reason to end
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        return (_ask if given.command == "ask" else _chat)(given, messages)
    except (PatchbayError, ValueError) as error:
        print(f"patchbay: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # who reads has seen enough; nothing is left to be written at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
