/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How long instructions are (tools/binary/x86.c): as objdump(1) says, for each way in which
 * an instruction goes on behind its opcode. See direct.h.
 */
#include "../../tools/binary/x86.c"

#include "direct.h"

static const struct row {
	int bits;
	const char *bytes;
	size_t length;
	int64_t imm; /* the last operand */
} rows[] = {
	{ 64, "\x90", 1, 0 },
	{ 64, "\xc3", 1, 0 },
	{ 64, "\x6a\xff", 2, -1 },
	{ 64, "\x6a\x7f", 2, 0x7f },
	{ 64, "\x68\x00\x00\x00\x80", 5, INT32_MIN },
	{ 64, "\x66\x68\x34\x12", 4, 0x1234 },
	{ 64, "\x48\xc7\xc0\xff\xff\xff\xff", 7, -1 },
	{ 64, "\x48\xb8\x08\x07\x06\x05\x04\x03\x02\x01", 10, 0x102030405060708 },
	{ 64, "\xb8\x3b\x00\x00\x00", 5, 0x3b },
	{ 64, "\x66\xb8\x01\x80", 4, -0x7fff },
	{ 64, "\xc2\x08\x00", 3, 8 },
	{ 64, "\xc8\x10\x00\x01", 4, 0x10010 },
	{ 64, "\xe8\xfb\xff\xff\xff", 5, -5 },
	{ 64, "\x66\x66\x90", 3, 0 },
	{ 32, "\x66\xe9\x01\x00", 4, 1 },
	{ 32, "\xe9\x01\x00\x00\x00", 5, 1 },
	{ 64, "\xa0\x08\x07\x06\x05\x04\x03\x02\x01", 9, 0x102030405060708 },
	{ 64, "\x67\xa0\x04\x03\x02\x01", 6, 0x1020304 },
	{ 32, "\xa0\x04\x03\x02\x01", 5, 0x1020304 },
	{ 32, "\x67\xa0\x02\x01", 4, 0x102 },
	{ 32, "\x9a\x04\x03\x02\x01\x06\x05", 7, 0x50601020304 },
	{ 32, "\x66\xea\x02\x01\x04\x03", 6, 0x3040102 },
	{ 64, "\x89\xc8", 2, 0 },
	{ 64, "\x8b\x00", 2, 0 },
	{ 64, "\x8b\x40\x08", 3, 0 },
	{ 64, "\x8b\x80\x08\x00\x00\x00", 6, 0 },
	{ 64, "\x8b\x05\x08\x00\x00\x00", 6, 0 },
	{ 64, "\x8b\x04\x24", 3, 0 },
	{ 64, "\x8b\x44\x24\x08", 4, 0 },
	{ 64, "\x8b\x84\x24\x08\x00\x00\x00", 7, 0 },
	{ 64, "\x8b\x04\x25\x08\x00\x00\x00", 7, 0 },
	{ 32, "\x67\x8b\x00", 3, 0 },
	{ 32, "\x67\x8b\x40\x08", 4, 0 },
	{ 32, "\x67\x8b\x80\x08\x00", 5, 0 },
	{ 32, "\x67\x8b\x06\x08\x00", 5, 0 },
	{ 32, "\x67\x8b\xc1", 3, 0 },
	{ 64, "\x80\x38\x05", 3, 5 },
	{ 64, "\x81\x38\x05\x00\x00\x00", 6, 5 },
	{ 64, "\x66\x81\x38\x05\x00", 5, 5 },
	{ 64, "\xf6\x00\x01", 3, 1 },
	{ 64, "\xf7\xc1\x01\x00\x00\x00", 6, 1 },
	{ 64, "\x66\xf7\xc9\x01\x00", 5, 1 },
	{ 64, "\xf7\xd8", 2, 0 },
	{ 64, "\xf6\x78\x01", 3, 0 },
	{ 64, "\x0f\x05", 2, 0 },
	{ 64, "\x0f\x84\x00\x01\x00\x00", 6, 0x100 },
	{ 64, "\x0f\xb6\xc0", 3, 0 },
	{ 64, "\x0f\xba\xe0\x05", 4, 5 },
	{ 64, "\x66\x0f\x38\x00\xc1", 5, 0 },
	{ 64, "\x66\x0f\x3a\x0f\xc1\x04", 6, 4 },
	{ 64, "\xf0\x48\x0f\xb1\x0a", 5, 0 },
	{ 64, "\x64\x48\x8b\x04\x25\x28\x00\x00\x00", 9, 0 },
	{ 64, "\x26\x2e\x36\x3e\x65\xf2\xf3\x90", 8, 0 },
	{ 64, "\xc5\xf8\x77", 3, 0 },
	{ 64, "\xc5\xf8\x28\xc1", 4, 0 },
	{ 64, "\xc5\xf9\x70\xc1\x05", 5, 5 },
	{ 64, "\xc4\xe2\x79\x00\xc1", 5, 0 },
	{ 64, "\xc4\xe3\x79\x0f\xc1\x04", 6, 4 },
	{ 64, "\xc4\xe1\xf8\x28\xc1", 5, 0 },
	{ 64, "\x62\xf1\x7c\x48\x28\xc1", 6, 0 },
	{ 64, "\x62\xf3\x75\x48\x25\xc2\xff", 7, -1 },
	{ 64, "\x62\xf1\x7d\x48\x70\xc1\x05", 7, 5 },
	{ 64, "\x62\xf1\xfe\x48\x7a\xc1", 6, 0 },
	{ 64, "\x8f\xe8\x78\xc0\xc1\x05", 6, 5 },
	{ 64, "\x8f\xe9\x78\x81\xc1", 5, 0 },
	{ 64, "\x8f\xea\x78\x10\xc1\x04\x03\x02\x01", 9, 0x1020304 },
	{ 32, "\x8f\x00", 2, 0 },
	{ 64, "\x8f\x00", 2, 0 },
	{ 32, "\xc4\x00", 2, 0 },
	{ 32, "\xc5\x08", 2, 0 },
	{ 32, "\x62\x00", 2, 0 },
	{ 32, "\xc5\xf8\x77", 3, 0 },
	{ 32, "\x40", 1, 0 },
	{ 64, "\x41\x50", 2, 0 },
};

/* Begins of no instruction, or of none in 64-bit code. */
static const char *const none[] = { "\x0f\x04", "\x0f\x24\xc0", "\x0f\x39", "\x9a",
				    "\xea" };

static bool decode(const struct row *row, size_t left, struct x86_insn *out)
{
	/* Nothing behind it is read. */
	uint8_t *copy = malloc(left ? left : 1);
	bool known;

	MUST(copy);
	memset(copy, 0x90, left);
	memcpy(copy, row->bytes, row->length < left ? row->length : left);
	known = x86_decode(copy, left, row->bits == 64, out);
	free(copy);
	return known;
}

static void lengths(void)
{
	struct x86_insn insn;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		for (size_t more = 0; more < 2; more++) {
			TRUE(decode(&rows[i], rows[i].length + more, &insn));
			IS(insn.length, rows[i].length);
			IS(insn.imm, rows[i].imm);
		}
		for (size_t left = 0; left < rows[i].length; left++)
			if (decode(&rows[i], left, &insn))
				direct_failed(__FILE__, __LINE__, rows[i].bytes,
					      (long)left, (long)rows[i].length);
	}
}

static void no_instructions(void)
{
	struct x86_insn insn;

	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		const struct row row = { 64, none[i], strlen(none[i]), 0 };

		FALSE(decode(&row, 15, &insn));
	}
	/* Prefixes up to the longest that there is. */
	FALSE(x86_decode(
		(const uint8_t *)"\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66"
				 "\x66\x90",
		16, true, &insn));
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "lengths", lengths },
		{ "none", no_instructions },
		{ NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
