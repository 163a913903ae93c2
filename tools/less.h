/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fewer rights, for programs that read what others have made. */
#ifndef PRIVTMP_LESS_H
#define PRIVTMP_LESS_H

/*
 * Where root runs this: gives up for ever all rights but that to read every file. It stays
 * as it is where it lacks that right, as in some containers.
 */
void less_rights(void);

#endif
