from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("recommendation", "0001_initial")]

    operations = [
        migrations.AddField(model_name="putting", name="judged", field=models.JSONField(default=dict)),
    ]
