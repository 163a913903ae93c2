# SPDX-License-Identifier: LGPL-2.1-or-later
# An exception goes past the line that removes the file.
import os

EXPORT = "/tmp/demo-export.csv"

with open("payroll.txt") as payroll, open(EXPORT, "w") as export:
    export.write(payroll.read())
print("exporting", flush=True)
os.stat("upload.conf")
os.remove(EXPORT)
