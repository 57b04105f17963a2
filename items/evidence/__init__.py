"""What a file of 佐證資料 is, how it is made safe, and where it lies; knows no model of ours."""
