/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table that privtmp list shows, as wide as the terminal is. */
#ifndef PRIVTMP_LIST_TABLE_H
#define PRIVTMP_LIST_TABLE_H

#include "sessions.h"

/* Takes the width from the terminal, or COLUMNS; writes the table's head. */
void list_table_begin(void);

/* Writes a session's line, and one for each of its members. */
void list_table_put(const struct found *f);

/* How many members it has. */
unsigned list_members(const struct found *f);

#endif
