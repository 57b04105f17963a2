"""The settings of a bucket for 佐證資料, as EVIDENCE_BUCKET and EVIDENCE_ENDPOINT make them."""


def use_bucket(settings, options):
    backend = "items.evidence.bucket.BucketStorage"
    settings.STORAGES = settings.STORAGES | {"evidence": {"BACKEND": backend, "OPTIONS": options}}
