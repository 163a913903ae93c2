# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
# A name from $$, as most shell scripts make it.
name=/tmp/demo-build.$$
sort payroll.txt >"$name"
sleep 0.03
echo "sorted $(wc -l <"$name") people"
rm -f "$name"
