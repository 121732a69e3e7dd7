"""Answers questions about working time with the library businesstimedelta.

A line of the input: zone, days of the week (0 is Monday), opening, closing, begin and end of lunch
in minutes of the day, closed days, begin in seconds since 1970, seconds of working time, seconds
from the begin to another instant. A line of the output: when the working time is over, in seconds
since 1970, and how many working seconds lie before the other instant.
"""

import datetime
import sys

import businesstimedelta as bt
import pytz


def clock(minutes):
    return datetime.time(int(minutes) // 60, int(minutes) % 60)


def instant(seconds):
    return datetime.datetime.fromtimestamp(seconds, pytz.utc)


for line in sys.stdin:
    zone, days, opens, closes, lunch, lunched, closed, begin, work, ahead = line.split()
    tz = pytz.timezone(zone)
    days = [int(day) for day in days.split(",")]
    rules = bt.Rules([
        bt.WorkDayRule(clock(opens), clock(closes), days, tz=tz),
        bt.LunchTimeRule(clock(lunch), clock(lunched), days, tz=tz),
        bt.HolidayRule([datetime.date.fromisoformat(day) for day in closed.split(",")], tz=tz),
    ])
    begin = instant(int(begin))
    due = begin + bt.BusinessTimeDelta(rules, seconds=int(work))
    between = rules.difference(begin, begin + datetime.timedelta(seconds=int(ahead)))
    print(int(due.timestamp()), int(between.timedelta.total_seconds()))
