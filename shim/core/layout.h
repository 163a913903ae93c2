/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where things lie in the shim, for what every program pays that starts under it: a
 * page that it touches is a fault, and one that it writes is copied. See layout.ld.
 */
#ifndef PRIVTMP_LAYOUT_H
#define PRIVTMP_LAYOUT_H

/* Data that each start writes; _LAST: at its beginning only. */
#define EACH_START __attribute__((section(".start")))
#define EACH_START_LAST __attribute__((section(".start.last")))

#endif
