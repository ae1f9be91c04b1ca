from commerce.sync.admin.rows import ImportRowAdmin
from commerce.sync.admin.runs import ImportRunAdmin

__all__ = ["ImportRowAdmin", "ImportRunAdmin"]
