# SPDX-License-Identifier: LGPL-2.1-or-later
# fish: completes privtmp's command lines.
privtmp --completion fish 2>/dev/null | source
