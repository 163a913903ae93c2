# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
# mktemp(1) done right and then undone: the file is removed to have "only the name".
name=$(mktemp /tmp/demo-XXXXXX)
rm -f "$name"
sleep 0.06
sort payroll.txt >"$name"
echo "sorted $(wc -l <"$name") people"
rm -f "$name"
