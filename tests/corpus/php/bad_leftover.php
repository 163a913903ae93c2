<?php
# SPDX-License-Identifier: LGPL-2.1-or-later
# tempnam, and nobody removes it.
#
# want: leftover /tmp/pc*

tempnam("/tmp", "pc");
