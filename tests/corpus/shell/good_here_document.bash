#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# A here-document, which bash keeps in a file of its own.
#
# want: none

cat >/dev/null <<END
$(head -c 100000 /dev/zero | tr '\0' x)
END
