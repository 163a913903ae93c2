/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Comes before all else in what is part of the shim; see local.mk. */
#undef _FORTIFY_SOURCE
