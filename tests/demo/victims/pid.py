# SPDX-License-Identifier: LGPL-2.1-or-later
# A name from the pid, opened for writing without "x": a file that is already there will do.
import os

name = f"/tmp/demo-job.{os.getpid()}"
with open("payroll.txt") as payroll, open(name, "w") as job:
    job.write(payroll.read())
with open(name) as job:
    print(f"job: {len(job.readlines())} people")
os.remove(name)
