"""Rows: people and what they may do where, institutions and areas, invitations, claims of a credit code."""

from functools import cached_property
from typing import Any, ClassVar

from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from ceping.ground.people.roles import APART, ROLE_NAMES, Role
from ceping.ground.people.sealing import SealedText

ROLE_CHOICES = [(role.value, name) for role, name in ROLE_NAMES.items()]


class Area(models.Model):
    """A district, or an association that recommends; what an organiser's map of recommenders is made of."""

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=16, choices=[("district", "区"), ("association", "协会")])
    order = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "推荐范围"
        ordering = ("order", "code")

    def __str__(self) -> str:
        return self.name


class Institution(models.Model):
    """A service institution by its credit code; `name_key` orders names as Chinese readers look them up."""

    uscc = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=200)
    name_key = models.BinaryField(default=b"", editable=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, related_name="institutions")
    office_phone = models.CharField(max_length=32, blank=True)
    fax = models.CharField(max_length=32, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = "服务机构"
        ordering = ("name_key", "uscc")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's own open signature
        """With the key of its name: common characters of GB 18030 stand in the order of their sounds."""
        self.name_key = self.name.encode("gb18030")
        super().save(*args, **kwargs)


class UserManager(BaseUserManager["User"]):
    """Makes users; nobody is ever made with a password somebody else knows."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user of that login name."""
        return self.get(login=username)


class User(AbstractBaseUser):
    """A person. `phone` lies sealed and is found by `phone_index`; `demo` people can be entered with one click."""

    login = models.CharField("登录名", max_length=64, unique=True)
    name = models.CharField("姓名", max_length=64)
    email = models.EmailField("电子邮箱", blank=True)
    phone = SealedText()
    phone_index = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    is_active = models.BooleanField("可用", default=True)
    demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = "用户"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["phone_index"], condition=~Q(phone_index=""), name="people_phone_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def grants_in_force(self) -> tuple["Grant", ...]:
        """What this person holds now, with institution and area at hand; asked of the database once a request."""
        held = self.grants.filter(revoked_at=None).select_related("institution", "area")
        return tuple(held.order_by("pk"))

    @property
    def roles(self) -> frozenset[Role]:
        """The roles held."""
        return frozenset(Role(grant.role) for grant in self.grants_in_force)

    @cached_property
    def has_second_factor(self) -> bool:
        """Whether something besides the password is set up; recovery codes alone are none."""
        factors = Authenticator.objects.filter(user=self).exclude(type=Authenticator.Type.RECOVERY_CODES)
        return bool(factors.exists())

    def grant_of(self, role: Role) -> "Grant | None":
        """The first grant of that role in force."""
        return next((grant for grant in self.grants_in_force if grant.role == role), None)


class Grant(models.Model):
    """A role given to a person: for one institution, one area, or without bounds; taken back, never deleted."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=32, choices=ROLE_CHOICES)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, null=True, related_name="grants")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, related_name="grants")
    # Who answers for the institution here: the one that its credit code logs in.
    main = models.BooleanField(default=False)
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    granted_at = models.DateTimeField()
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "授权"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "role", "institution", "area"],
                condition=Q(revoked_at=None),
                nulls_distinct=False,
                name="people_grant_once",
            ),
            models.UniqueConstraint(
                fields=["institution"], condition=Q(main=True, revoked_at=None), name="people_one_main"
            ),
            models.CheckConstraint(
                condition=(
                    Q(role=Role.INSTITUTION, institution__isnull=False, area=None)
                    | Q(role=Role.RECOMMENDER, institution=None, area__isnull=False)
                    | (~Q(role__in=[Role.INSTITUTION, Role.RECOMMENDER]) & Q(institution=None, area=None))
                ),
                name="people_grant_bounds",
            ),
            # 三员分立, whatever wrote the row.
            models.UniqueConstraint(
                fields=["user"], condition=Q(role__in=sorted(APART), revoked_at=None), name="people_duties_apart"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.role}"


class Invitation(models.Model):
    """A letter with a link that makes an account and its grant; the link lies hashed, works once and runs out."""

    token_sha256 = models.CharField(max_length=64, unique=True)
    role = models.CharField(max_length=32, choices=ROLE_CHOICES)
    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, null=True, related_name="invitations")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True)
    name = models.CharField(max_length=64, blank=True)
    email = models.EmailField(blank=True)
    phone = SealedText()
    # The login name fixed beforehand; without an inviter it was made at the machine itself.
    login = models.CharField(max_length=64, blank=True)
    main = models.BooleanField(default=False)
    person_index = models.CharField(max_length=80, blank=True, editable=False)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "邀请"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["role", "institution", "area", "person_index"],
                condition=Q(accepted_at=None, withdrawn_at=None) & ~Q(person_index=""),
                nulls_distinct=False,
                name="people_invited_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.invited_at:%Y-%m-%d}"


class Claim(models.Model):
    """Somebody says they speak for a credit code that is already spoken for: held until a person decides.

    Without a `user` it came from somebody without an account, who is `name`, `email` and `phone`.
    """

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="claims")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="claims")
    name = SealedText()
    email = SealedText()
    phone = SealedText()
    person_index = models.CharField(max_length=80, blank=True, editable=False)
    # What the person was given to read out; drawn, so that it counts nothing.
    receipt = models.CharField(max_length=16, blank=True, editable=False)
    reason = models.TextField()
    claimed_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    accepted = models.BooleanField(null=True)

    class Meta:
        verbose_name = "认领申请"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["institution", "user"], condition=Q(decided_at=None), name="people_claim_once"
            ),
            models.UniqueConstraint(
                fields=["institution", "person_index"],
                condition=Q(decided_at=None) & ~Q(person_index=""),
                name="people_stranger_claim_once",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, person_index="") | (Q(user=None) & ~Q(person_index="")),
                name="people_claim_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution} {self.claimed_at:%Y-%m-%d}"
