import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def number_frozen(apps: StateApps, _: BaseDatabaseSchemaEditor) -> None:
    """What was frozen before there were corrections is the first version of its season."""
    apps.get_model("results", "Computation").objects.filter(state="frozen").update(version=1)


class Migration(migrations.Migration):
    dependencies = [
        ("report", "0004_opening"),
        ("results", "0001_initial"),
        ("scheme", "0003_reopening"),
        ("work", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Standing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uscc", models.CharField(max_length=18)),
                ("name", models.CharField(max_length=200)),
                ("category", models.CharField(max_length=64)),
                ("recommender", models.CharField(blank=True, max_length=200)),
                ("total", models.CharField(blank=True, max_length=32)),
                ("grade", models.CharField(blank=True, max_length=64)),
                ("rank", models.PositiveIntegerField(null=True)),
                ("rank_in_category", models.PositiveIntegerField(null=True)),
                ("low", models.PositiveIntegerField(null=True)),
                ("high", models.PositiveIntegerField(null=True)),
                ("change", models.CharField(blank=True, max_length=16)),
                ("told", models.JSONField()),
                ("chart", models.JSONField()),
                ("detail", models.JSONField()),
            ],
            options={
                "verbose_name": "机构结果",
                "ordering": (models.OrderBy(models.F("rank"), nulls_last=True), "uscc"),
            },
        ),
        migrations.AddField(
            model_name="computation",
            name="overview",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="computation",
            name="version",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.RunPython(number_frozen, migrations.RunPython.noop),
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("reason", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "更正中"), ("done", "已出新版本"), ("dropped", "已撤销")],
                        default="open",
                        max_length=16,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("dropped_reason", models.TextField(blank=True)),
                (
                    "corrects",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="results.computation",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("entries", models.ManyToManyField(related_name="corrections", to="report.entry")),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "season",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="corrections", to="scheme.season"
                    ),
                ),
            ],
            options={
                "verbose_name": "结果更正",
                "ordering": ("-number",),
            },
        ),
        migrations.AddField(
            model_name="computation",
            name="correction",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="computations",
                to="results.correction",
            ),
        ),
        migrations.AddConstraint(
            model_name="computation",
            constraint=models.UniqueConstraint(fields=("season", "version"), name="results_computation_version"),
        ),
        migrations.AddConstraint(
            model_name="computation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "frozen"), ("version__isnull", False)),
                    models.Q(models.Q(("state", "frozen"), _negated=True), ("version", None)),
                    _connector="OR",
                ),
                name="results_frozen_version",
            ),
        ),
        migrations.AddConstraint(
            model_name="computation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("version", None),
                    models.Q(("correction", None), ("version", 1)),
                    models.Q(("correction__isnull", False), ("version__gt", 1)),
                    _connector="OR",
                ),
                name="results_version_reason",
            ),
        ),
        migrations.AddField(
            model_name="standing",
            name="computation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="standings", to="results.computation"
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.UniqueConstraint(fields=("season", "number"), name="results_correction_number"),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")), fields=("season",), name="results_correction_one_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="results_correction_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("ended_by", None), ("state", "open")),
                    models.Q(
                        models.Q(("state", "open"), _negated=True),
                        ("ended_at__isnull", False),
                        ("ended_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="results_correction_ended_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "dropped"), _negated=True),
                    models.Q(("dropped_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="results_correction_dropped_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="standing",
            constraint=models.UniqueConstraint(fields=("computation", "uscc"), name="results_standing_once"),
        ),
    ]
