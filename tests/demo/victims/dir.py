# SPDX-License-Identifier: LGPL-2.1-or-later
# exist_ok=True takes any directory of that name, also one that belongs to somebody else.
import os
import time

CACHE = "/tmp/demo-cache"

os.makedirs(CACHE, exist_ok=True)
name = os.path.join(CACHE, "people")
with open("payroll.txt") as payroll, open(name, "w") as people:
    people.write(payroll.read())
time.sleep(0.06)
with open(name) as people:
    print(f"cached {len(people.readlines())} people")
os.remove(name)
