/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What to do about errors that have no better remedy where they are reported. */
#ifndef PRIVTMP_REMEDY_H
#define PRIVTMP_REMEDY_H

/* For report(): the remedy for ERROR, an errno, of a call with a path. Keeps errno. */
const char *remedy_of(int error);

#endif
