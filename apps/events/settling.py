"""Who decided: people settle an event, the machine does not."""

# What labels of the machine's own decisions begin with.
MACHINE = "pipeline"


def settles(by_label: str, *, by_user: bool) -> bool:
    """Tell whether a decision settles its event: the machine leaves it alone from then on."""
    return by_user or not by_label.startswith(MACHINE)
