#!/usr/bin/env python3
"""
Records what the installed azure-cli knows: the options of the commands we declare, and the names of
all commands near them. Reads command names from stdin, one per line; writes two JSON files.

    node scripts/list-az-commands.ts | /usr/bin/python3 scripts/record-az-options.py

Offline: azure-cli's own loader and parser run in this process, nothing is sent. Debian ships the
network SDK in another API version than azure-cli 2.45 asks for; without the line that names it, no
network command loads.
"""
import argparse
import json
import os
import sys
import tempfile

os.environ['AZURE_CONFIG_DIR'] = tempfile.mkdtemp()
os.environ['AZURE_CORE_COLLECT_TELEMETRY'] = 'no'

from azure.cli.core import __version__, get_default_cli  # noqa: E402
from azure.cli.core.commands import events  # noqa: E402
from azure.cli.core.profiles import _shared  # noqa: E402
from knack.events import EVENT_INVOKER_POST_CMD_TBL_CREATE, EVENT_INVOKER_PRE_CMD_TBL_CREATE  # noqa: E402

_shared.AZURE_API_PROFILES['latest'][_shared.ResourceType.MGMT_NETWORK] = '2022-07-01'

OPTIONS = 'tests/fixtures/az-options.json'
NAMES = 'src/shell/az/real-commands.json'
# Groups whose commands are recorded by name, down to the last; of the others only the top.
WHOLE_GROUPS = ['account', 'aks', 'group', 'identity', 'network', 'role', 'vm', 'vmss']


def load(command):
    """Returns the parser's actions for one command."""
    cli = get_default_cli()
    invocation = cli.invocation_cls(cli_ctx=cli, parser_cls=cli.parser_cls,
                                    commands_loader_cls=cli.commands_loader_cls, help_cls=cli.help_cls)
    cli.invocation = invocation
    loader = invocation.commands_loader
    words = command.split()
    cli.raise_event(EVENT_INVOKER_PRE_CMD_TBL_CREATE, args=words)
    loader.load_command_table(words)
    cli.raise_event(events.EVENT_INVOKER_PRE_CMD_TBL_TRUNCATE,
                    load_cmd_tbl_func=loader.load_command_table, args=words)
    if command not in loader.command_table:
        return None
    invocation.data['command_string'] = command
    loader.command_table = {command: loader.command_table[command]}
    loader.command_name = command
    cli.raise_event(events.EVENT_INVOKER_PRE_LOAD_ARGUMENTS, commands_loader=loader)
    loader.load_arguments(command)
    cli.raise_event(events.EVENT_INVOKER_POST_LOAD_ARGUMENTS, commands_loader=loader)
    cli.raise_event(EVENT_INVOKER_POST_CMD_TBL_CREATE, commands_loader=loader)
    invocation.parser.cli_ctx = cli
    invocation.parser.load_command_table(loader)
    return invocation.parser.subparser_map[command]


def describe(action):
    row = {'names': [str(name) for name in action.option_strings]}
    if action.required:
        row['required'] = True
    if action.choices is not None:
        row['choices'] = [str(choice) for choice in action.choices]
    if action.nargs is not None:
        row['nargs'] = str(action.nargs)
    if getattr(action, 'deprecate_info', None):
        row['deprecated'] = True
    if '--help-text' in sys.argv:
        row['help'] = action.help if isinstance(action.help, str) else None
        row['group'] = getattr(action.container, 'title', None)
        row['default'] = None if action.default in (None, argparse.SUPPRESS) else str(action.default)
    return row


def record_options(commands):
    recorded = {}
    unknown = []
    unreadable = []
    for command in commands:
        try:
            parser = load(command)
        except ModuleNotFoundError:
            # Debian leaves out the SDK's operation classes that a few old commands take their options from.
            unreadable.append(command)
            continue
        if parser is None:
            unknown.append(command)
            continue
        rows = [describe(action) for action in parser._actions
                if action.option_strings and type(action).__name__ != 'IgnoreAction']
        recorded[command] = sorted(rows, key=lambda row: sorted(row['names']))
    return {'azureCli': __version__, 'unknown': unknown, 'unreadable': unreadable, 'commands': recorded}


def record_names():
    cli = get_default_cli()
    invocation = cli.invocation_cls(cli_ctx=cli, parser_cls=cli.parser_cls,
                                    commands_loader_cls=cli.commands_loader_cls, help_cls=cli.help_cls)
    cli.invocation = invocation
    table = invocation.commands_loader.load_command_table(None)
    names = set()
    for command in table:
        words = command.split()
        if words[0] in WHOLE_GROUPS:
            names.add(command)
        else:
            names.add(words[0] if len(words) == 1 else words[0] + ' *')
    return {'azureCli': __version__, 'commands': sorted(names)}


def write(path, value):
    with open(path, 'w', encoding='utf-8') as file:
        json.dump(value, file, indent=2, ensure_ascii=False)
        file.write('\n')


if __name__ == '__main__':
    wanted = [line.strip() for line in sys.stdin if line.strip()]
    if not wanted:
        sys.exit('no command names on stdin; nothing is written')
    write(sys.argv[1] if len(sys.argv) > 1 and sys.argv[1].endswith('.json') else OPTIONS,
          record_options(wanted))
    write(NAMES, record_names())
