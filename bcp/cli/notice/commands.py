"""`bcp notice`: the approved texts, and telling everyone with them."""

import typer

from bcp.cli.notice import calls, preview, send

app = typer.Typer(help="The approved texts, and telling everyone with them.", no_args_is_help=True)
preview.add_to(app)
send.add_to(app)
calls.add_to(app)
