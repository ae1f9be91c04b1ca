"""The only writer of what an account is called elsewhere."""

from commerce.kernel.db import in_transaction
from commerce.ledger.models import Account


@in_transaction
def name_for_accountant(account: Account, code: str) -> None:
    """Give an account the code that it has with the accountant; "" takes it away. Older exports keep theirs."""
    account.accountant_code = code.strip()
    account.save(update_fields=["accountant_code"])
