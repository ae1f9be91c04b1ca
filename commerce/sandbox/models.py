from django.db import models


class Seeding(models.Model):
    """That this database belongs to the demo, and how far its history has been told; one row, or none."""

    began_at = models.DateTimeField(help_text="The history ends here.")
    scale_percent = models.PositiveIntegerField()
    told = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="seeding_one_row")]

    def __str__(self) -> str:
        return f"demo of {self.began_at:%Y-%m-%d} at scale {self.scale_percent} %"
