# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# For the test of the comparison itself: leaves a file.
mktemp /tmp/traceXXXXXX | wc -l
