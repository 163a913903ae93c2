# SPDX-License-Identifier: LGPL-2.1-or-later
# tempfile.mktemp, deprecated since Python 2.3 and still met, and two files from one name.
import os
import tempfile
import time

base = tempfile.mktemp(prefix="demo-", dir="/tmp")
with open("payroll.txt") as payroll, open(base + ".csv", "w") as table:
    table.write(payroll.read())
time.sleep(0.06)
with open(base + ".csv") as table, open(base + ".sum", "w") as total:
    total.write(f"{len(table.readlines())} people\n")
with open(base + ".sum") as total:
    print(total.read(), end="")
os.remove(base + ".csv")
os.remove(base + ".sum")
