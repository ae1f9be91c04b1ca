from django.db import models


class Declines(models.Model):
    """Cards refused lately for one cart, or from one address on the net. `key` is a fingerprint, never the address."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()

    class Meta:
        verbose_name_plural = "declines"

    def __str__(self) -> str:
        return f"{self.count} since {self.since:%H:%M}"
