/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Included first in every source of the shim; see local.mk. */
#undef _FORTIFY_SOURCE
