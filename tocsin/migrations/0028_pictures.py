"""Pictures of our own: pixels alone, in the place of Wagtail's pictures."""

import secrets
from functools import partial
from io import BytesIO
from pathlib import PurePath

import django.db.models.deletion
import modelsearch.index
import taggit.managers
import tocsin.pages.pictures.files
import wagtail.images.models
import wagtail.models.media
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import migrations, models, transaction
from PIL import Image

from tocsin.pages.pictures.bare import NoPicture, bare


def bring_over(apps, schema_editor):
    """The pictures of before, without what their cameras wrote; what is none any more stays behind.

    The old files go once all is written: nobody needs them, and they tell where they were taken.
    """
    fields = [
        *("title", "description", "created_at", "uploaded_by_user_id", "collection_id"),
        *("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height"),
    ]
    for old in apps.get_model("wagtailimages", "Image").objects.order_by("pk"):
        try:
            with default_storage.open(old.file.name) as file:
                made = bare(file.read(), ending=PurePath(old.file.name).suffix.lstrip("."))
        except (OSError, NoPicture):
            continue
        with Image.open(BytesIO(made.content)) as sheet:
            size = sheet.size
        name = f"originals/{secrets.token_hex(16)}.{made.ending}"
        new = apps.get_model("tocsin", "CampaignImage")(
            file=default_storage.save(name, ContentFile(made.content)),
            width=size[0],
            height=size[1],
            **{field: getattr(old, field) for field in fields},
        )
        if size[0] < old.width:  # where one looks first was told in pixels of the larger file
            for field in fields[5:]:
                if getattr(old, field) is not None:
                    setattr(new, field, getattr(old, field) * size[0] // old.width)
        new.save()
        apps.get_model("tocsin", "CampaignImage").objects.filter(pk=new.pk).update(
            created_at=old.created_at
        )
        gone = [old.file.name, *old.renditions.values_list("file", flat=True)]
        old.renditions.all().delete()
        old.delete()
        for each in gone:
            transaction.on_commit(partial(default_storage.delete, each))


class Migration(migrations.Migration):
    dependencies = [
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
        ("tocsin", "0027_exports_paper"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("wagtailimages", "0027_image_description"),
    ]

    operations = [
        migrations.CreateModel(
            name="CampaignImage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=255, verbose_name="title")),
                (
                    "description",
                    models.CharField(
                        blank=True, default="", max_length=255, verbose_name="description"
                    ),
                ),
                ("width", models.IntegerField(editable=False, verbose_name="width")),
                ("height", models.IntegerField(editable=False, verbose_name="height")),
                (
                    "created_at",
                    models.DateTimeField(
                        auto_now_add=True, db_index=True, verbose_name="created at"
                    ),
                ),
                ("focal_point_x", models.PositiveIntegerField(blank=True, null=True)),
                ("focal_point_y", models.PositiveIntegerField(blank=True, null=True)),
                ("focal_point_width", models.PositiveIntegerField(blank=True, null=True)),
                ("focal_point_height", models.PositiveIntegerField(blank=True, null=True)),
                ("file_size", models.PositiveIntegerField(editable=False, null=True)),
                (
                    "file_hash",
                    models.CharField(blank=True, db_index=True, editable=False, max_length=40),
                ),
                (
                    "file",
                    tocsin.pages.pictures.files.PictureColumn(
                        height_field="height",
                        upload_to=wagtail.images.models.get_upload_to,
                        verbose_name="file",
                        width_field="width",
                    ),
                ),
                (
                    "collection",
                    models.ForeignKey(
                        default=wagtail.models.media.get_root_collection_id,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="wagtailcore.collection",
                        verbose_name="collection",
                    ),
                ),
                (
                    "tags",
                    taggit.managers.TaggableManager(
                        blank=True,
                        help_text=None,
                        through="taggit.TaggedItem",
                        to="taggit.Tag",
                        verbose_name="tags",
                    ),
                ),
                (
                    "uploaded_by_user",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="uploaded by user",
                    ),
                ),
            ],
            options={
                "verbose_name": "picture",
                "verbose_name_plural": "pictures",
                "abstract": False,
            },
            bases=(wagtail.images.models.ImageFileMixin, modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name="CampaignRendition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("filter_spec", models.CharField(db_index=True, max_length=255)),
                (
                    "file",
                    wagtail.images.models.WagtailImageField(
                        height_field="height",
                        storage=wagtail.images.models.get_rendition_storage,
                        upload_to=wagtail.images.models.get_rendition_upload_to,
                        width_field="width",
                    ),
                ),
                ("width", models.IntegerField(editable=False)),
                ("height", models.IntegerField(editable=False)),
                (
                    "focal_point_key",
                    models.CharField(blank=True, default="", editable=False, max_length=16),
                ),
                (
                    "image",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="renditions",
                        to="tocsin.campaignimage",
                    ),
                ),
            ],
            options={
                "verbose_name": "size of a picture",
                "verbose_name_plural": "sizes of pictures",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("image", "filter_spec", "focal_point_key"), name="one_of_each_size"
                    )
                ],
            },
            bases=(wagtail.images.models.ImageFileMixin, models.Model),
        ),
        migrations.RunPython(bring_over, migrations.RunPython.noop, elidable=True),
    ]
