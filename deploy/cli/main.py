"""`lahstats`: every command by its name. A command imports what it needs when it runs."""

import sys

import typer

from deploy.cli import (
    audit_command,
    backup_commands,
    benchmark_commands,
    count_commands,
    dead_letter_commands,
    fuse_commands,
    generate_command,
    lexicon_commands,
    session_commands,
    stack_commands,
)
from deploy.devstack.interruptions import end_as_by_ctrl_c

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)
for command in (
    stack_commands.up,
    stack_commands.down,
    stack_commands.status,
    stack_commands.logs,
    stack_commands.doctor,
    session_commands.token,
    session_commands.wrapped,
    session_commands.record,
    session_commands.demo,
    count_commands.count,
    count_commands.recount,
    audit_command.audit,
    backup_commands.backup,
    backup_commands.restore,
    generate_command.generate,
):
    app.command()(command)
app.add_typer(dead_letter_commands.app, name="dlq")
app.add_typer(fuse_commands.app, name="fuse")
app.add_typer(lexicon_commands.app, name="lexicon")
app.add_typer(benchmark_commands.app, name="benchmark")


@app.callback()
def lahstats() -> None:
    """Lahstats on this machine."""
    end_as_by_ctrl_c()


if __name__ == "__main__":
    sys.exit(app())
