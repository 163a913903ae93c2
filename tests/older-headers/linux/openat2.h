/* SPDX-License-Identifier: LGPL-2.1-or-later */
#error "Linux 3.10 has no such header"
