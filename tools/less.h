/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fewer rights, for programs that read what others have made. */
#ifndef PRIVTMP_LESS_H
#define PRIVTMP_LESS_H

/*
 * If root runs this: drops all rights except that to read every file, for good. Does
 * nothing if the process lacks that right, as in some containers.
 */
void less_rights(void);

#endif
