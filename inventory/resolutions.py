"""What can be done about the cases of stock: see `commerce.cases.resolutions`."""

from commerce.cases.resolutions import Resolution

RESOLUTIONS: list[Resolution] = []
