#!/usr/bin/env python3
"""
Parses command lines with the installed azure-cli and says what it thinks of them. Reads JSON lines
on stdin, each a list of words after `az`; writes one JSON object per line to stdout:
{"words", "exit": 0 | 1 | 2, "error": first line of the error or null}. 0 means that the line parses;
nothing is run and nothing is sent.
"""
import contextlib
import io
import json
import os
import sys
import tempfile

os.environ['AZURE_CONFIG_DIR'] = tempfile.mkdtemp()
os.environ['AZURE_CORE_COLLECT_TELEMETRY'] = 'no'
os.environ['AZURE_CORE_NO_COLOR'] = 'yes'
os.environ['AZURE_EXTENSION_USE_DYNAMIC_INSTALL'] = 'no'

from azure.cli.core import get_default_cli  # noqa: E402
from azure.cli.core.azclierror import AzCLIError  # noqa: E402
from azure.cli.core.commands import _pre_command_table_create, events  # noqa: E402
from azure.cli.core.profiles import _shared  # noqa: E402
from knack.events import EVENT_INVOKER_POST_CMD_TBL_CREATE, EVENT_INVOKER_PRE_CMD_TBL_CREATE  # noqa: E402

# Debian ships the network SDK in another API version than azure-cli 2.45 asks for.
_shared.AZURE_API_PROFILES['latest'][_shared.ResourceType.MGMT_NETWORK] = '2022-07-01'


def parser_for(words):
    cli = get_default_cli()
    invocation = cli.invocation_cls(cli_ctx=cli, parser_cls=cli.parser_cls,
                                    commands_loader_cls=cli.commands_loader_cls, help_cls=cli.help_cls)
    cli.invocation = invocation
    loader = invocation.commands_loader
    args = _pre_command_table_create(cli, words)
    cli.raise_event(EVENT_INVOKER_PRE_CMD_TBL_CREATE, args=args)
    loader.load_command_table(args)
    cli.raise_event(events.EVENT_INVOKER_PRE_CMD_TBL_TRUNCATE,
                    load_cmd_tbl_func=loader.load_command_table, args=args)
    command = invocation._rudimentary_get_command(args)
    invocation.data['command_string'] = command
    if command in loader.command_table:
        loader.command_table = {command: loader.command_table[command]}
    loader.command_name = command
    cli.raise_event(events.EVENT_INVOKER_PRE_LOAD_ARGUMENTS, commands_loader=loader)
    if command in loader.command_table:
        loader.load_arguments(command)
    cli.raise_event(events.EVENT_INVOKER_POST_LOAD_ARGUMENTS, commands_loader=loader)
    cli.raise_event(EVENT_INVOKER_POST_CMD_TBL_CREATE, commands_loader=loader)
    invocation.parser.cli_ctx = cli
    invocation.parser.load_command_table(loader)
    return invocation.parser, args


def judge(words):
    text = io.StringIO()
    code = 0
    with contextlib.redirect_stderr(text), contextlib.redirect_stdout(io.StringIO()):
        try:
            parser, args = parser_for(words)
            parser.parse_args(args)
        except SystemExit as done:
            code = done.code
        except AzCLIError as refusal:
            # A value that an option's own syntax refuses; azure-cli prints the message and exits with 1.
            code = 1
            text.write(str(refusal))
        except Exception:  # pylint: disable=broad-except
            # A stripped SDK, or a mistake of azure-cli's own: no verdict.
            return None
    return {'words': words, 'exit': code, 'error': None if code == 0 else first_line(text.getvalue())}


def first_line(text):
    for line in text.splitlines():
        if 'ERROR' in line or 'error' in line or line.strip():
            return line.replace('\x1b[91m', '').replace('\x1b[0m', '').strip()
    return None


if __name__ == '__main__':
    import logging
    logging.getLogger('cli').setLevel(logging.ERROR)
    for row in sys.stdin:
        if row.strip():
            verdict = judge(json.loads(row))
            if verdict is not None:
                print(json.dumps(verdict, ensure_ascii=False), flush=True)
