"""Boards that people make, and how each person has arranged any of them."""

from django.conf import settings
from django.db import models


class BoardQuerySet(models.QuerySet["Board"]):
    def live(self) -> "BoardQuerySet":
        return self.filter(removed_at=None)

    def seen_by(self, user: object) -> "BoardQuerySet":
        """Their own, and what others share."""
        return self.live().filter(models.Q(is_shared=True) | models.Q(owner=user)).select_related("owner")


class Board(models.Model):
    """A board of somebody's own: chosen measures, in the order in which others see them too. Removed ones can come back."""

    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=80, unique=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="boards")
    figures = models.JSONField(default=list)
    span = models.CharField(max_length=4, default="7d")
    is_shared = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = BoardQuerySet.as_manager()

    lacks = "This board has no figure."
    brings = "Choose what stands on it."

    class Meta:
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        return self.name


class Arrangement(models.Model):
    """How a person has arranged a board, given by its short name: tiles as `order.Placed`; `former` is what a reset put aside."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="arrangements")
    board = models.CharField(max_length=80)
    tiles = models.JSONField(default=list)
    former = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "board"], name="boards_arranged_once")]
