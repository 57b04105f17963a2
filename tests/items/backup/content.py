"""What is written into the reports of these tests: enough to be sent, and not behind."""

CONTENT = {"text": "完成地坪施工。", "percent": 95, "work_status": "in_progress"}
