"""`bcp notice`: the approved texts, and telling everyone with them."""

import typer

from bcp.cli import calling, noticing, sending

app = typer.Typer(help="The approved texts, and telling everyone with them.", no_args_is_help=True)
noticing.add_to(app)
sending.add_to(app)
calling.add_to(app)
