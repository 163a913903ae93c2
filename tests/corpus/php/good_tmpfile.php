<?php
# SPDX-License-Identifier: LGPL-2.1-or-later
# tmpfile().
#
# want: none

fwrite(tmpfile(), "x");
