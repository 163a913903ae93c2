# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
# Not written for this demo: arj looks whether /tmp/ARJTEMP.$00 is there, and opens it without
# O_EXCL. Debian ships it.
arj a -y -w/tmp payroll.arj payroll.txt >/dev/null && arj t payroll.arj >/dev/null && echo archived
