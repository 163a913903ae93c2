#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# A process substitution is a descriptor.
#
# want: none

read -r _ < <(echo x)
