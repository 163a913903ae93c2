/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Sections. Every program that starts under the shim pays for each page that it touches
 * (a fault) or writes (a copy), so what each start uses is kept together. See
 * layout.ld.
 */
#ifndef PRIVTMP_LAYOUT_H
#define PRIVTMP_LAYOUT_H

/* Data that each start writes; _LAST: that only the beginning writes. */
#define EACH_START __attribute__((section(".start")))
#define EACH_START_LAST __attribute__((section(".start.last")))

#endif
