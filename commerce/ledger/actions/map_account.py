"""Say by which code the accountant knows an account."""

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.ledger import accounts
from commerce.ledger.models import Account


@action
def map_account(pk: int, code: str, *, person: User | None) -> Account:
    """Name an account for exports to come. Raises `NotAllowed`."""
    require(person, "ledger.close")
    account = Account.objects.select_for_update().get(pk=pk)
    accounts.name_for_accountant(account, code)
    return account
