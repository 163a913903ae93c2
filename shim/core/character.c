/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Characters of names given by others; see character.h. */
#include "core/character.h"

size_t character_take(const unsigned char *at, size_t left, unsigned *code)
{
	/* The range of the second byte excludes overlong and too high codes. */
	unsigned char low = 0x80, high = 0xbf;
	size_t len;

	*code = at[0];
	if (at[0] < 0x80)
		return 1;
	if (at[0] >= 0xc2 && at[0] <= 0xdf)
		len = 2;
	else if ((at[0] & 0xf0) == 0xe0)
		len = 3;
	else if (at[0] >= 0xf0 && at[0] <= 0xf4)
		len = 4;
	else
		return 0;
	if (at[0] == 0xe0)
		low = 0xa0;
	else if (at[0] == 0xed)
		high = 0x9f;
	else if (at[0] == 0xf0)
		low = 0x90;
	else if (at[0] == 0xf4)
		high = 0x8f;
	if (left < len || at[1] < low || at[1] > high)
		return 0;
	*code = at[0] & (0x7fu >> len);
	for (size_t i = 1; i < len; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (at[i] & 0x3f);
	}
	return len;
}

bool character_is_hidden(unsigned code)
{
	static const struct {
		unsigned first, last;
	} ranges[] = {
		{ 0, 0x1f },	    { 0x7f, 0x9f },	  { 0xad, 0xad },
		{ 0x61c, 0x61c },   { 0x180e, 0x180e },	  { 0x200b, 0x200f },
		{ 0x2028, 0x202e }, { 0x2060, 0x206f },	  { 0xfeff, 0xfeff },
		{ 0xfff9, 0xfffb }, { 0xe0000, 0xe0fff },
	};

	for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
		if (code >= ranges[i].first && code <= ranges[i].last)
			return true;
	return false;
}

size_t character_escape(unsigned code, bool is_byte, char out[CHARACTER_ESCAPE])
{
	size_t digits = is_byte ? 2 : 4, at = 2;

	while (code >> 4 * digits)
		digits++;
	out[0] = '\\';
	out[1] = is_byte ? 'x' : 'u';
	while (digits--)
		out[at++] = "0123456789abcdef"[code >> 4 * digits & 0xf];
	out[at] = '\0';
	return at;
}
