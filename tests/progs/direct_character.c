/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which bytes are a character (core/character.c): each that there is, no others. See direct.h. */
#include "core/character.c"

#include "direct.h"

static size_t put(unsigned code, unsigned char out[4])
{
	const size_t len = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

	for (size_t i = len; i-- > 1; code >>= 6)
		out[i] = (unsigned char)(0x80 | (code & 0x3f));
	out[0] = (unsigned char)(len == 1 ? code : (0xf00u >> len & 0xff) | code);
	return len;
}

static void all(void)
{
	unsigned char bytes[4];
	unsigned got;

	for (unsigned code = 0; code < 0x120000; code++) {
		const size_t len = put(code, bytes);
		const bool is = code < 0x110000 && (code < 0xd800 || code > 0xdfff);
		const size_t taken = character_take(bytes, len, &got);

		if (taken != (is ? len : 0) || (is && got != code))
			direct_failed(__FILE__, __LINE__, "character", (long)got,
				      (long)code);
		/* Cut off, or with another byte in it, it is none. */
		for (size_t i = 1; is && i < len; i++) {
			const unsigned char was = bytes[i];

			IS(character_take(bytes, i, &got), 0);
			bytes[i] = i % 2 ? 'x' : 0xff;
			IS(character_take(bytes, len, &got), 0);
			bytes[i] = was;
		}
	}
}

static void none(void)
{
	/* Longer than they have to be, and bytes that begin nothing. */
	static const char *const bytes[] = { "\xc0\x80",
					     "\xc1\xbf",
					     "\xe0\x9f\xbf",
					     "\xf0\x8f\xbf\xbf",
					     "\xf4\x90\x80\x80",
					     "\xed\xa0\x80",
					     "\xf5\x80\x80\x80",
					     "\x80",
					     "\xbf\x80",
					     "\xfe",
					     "\xff" };
	unsigned got;

	for (size_t i = 0; i < sizeof bytes / sizeof *bytes; i++)
		IS(character_take((const unsigned char *)bytes[i], strlen(bytes[i]),
				  &got),
		   0);
}

static void hidden(void)
{
	static const unsigned yes[] = { 0,	0x1b,	0x7f,	0x9b,	0xad,
					0x200b, 0x202e, 0x2066, 0xfeff, 0xe0001 },
			      no[] = { ' ',    '~',    0xa0,   0xe9,
				       0x2010, 0x2030, 0xfffd, 0x1f600 };

	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
		TRUE(character_is_hidden(yes[i]));
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		FALSE(character_is_hidden(no[i]));
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "all", all },
		{ "none", none },
		{ "hidden", hidden },
		{ NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
