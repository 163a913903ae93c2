/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Lengths of x86 instructions; see x86.h. Which operands an opcode has is in two strings, a
 * character each.
 */
#include "x86.h"

#include <string.h>

enum { LONGEST = 15 };

/*
 *   .  nothing      m  ModRM          x  no instruction
 *   b  1 byte       B  ModRM and b    w  2 bytes       W  2 bytes and 1
 *   z  2 or 4       Z  ModRM and z    r  4, a jump     v  2, 4 or 8
 *   a  an address   f  a far address  t  group 3: ModRM, an operand where reg is 0 or 1
 */
static const char one_byte[256 + 1] = "mmmmbz..mmmmbz.x"
				      "mmmmbz..mmmmbz.."
				      "mmmmbz..mmmmbz.."
				      "mmmmbz..mmmmbz.."
				      "................"
				      "................"
				      "..mm....zZbB...."
				      "bbbbbbbbbbbbbbbb"
				      "BZBBmmmmmmmmmmmm"
				      "..........f....."
				      "aaaa....bz......"
				      "bbbbbbbbvvvvvvvv"
				      "BBw.mmBZW.w..b.."
				      "mmmmbb..mmmmmmmm"
				      "bbbbbbbbrrfb...."
				      "......tt......mm";

static const char two_byte[256 + 1] = "mmmmx.....x.xm.B"
				      "mmmmmmmmmmmmmmmm"
				      "mmmmxxxxmmmmmmmm"
				      "........xxxxxxxx"
				      "mmmmmmmmmmmmmmmm"
				      "mmmmmmmmmmmmmmmm"
				      "mmmmmmmmmmmmmmmm"
				      "BBBBmmm.mmmmmmmm"
				      "rrrrrrrrrrrrrrrr"
				      "mmmmmmmmmmmmmmmm"
				      "...mBmmm...mBmmm"
				      "mmmmmmmmmmBmmmmm"
				      "mmBmBBBm........"
				      "mmmmmmmmmmmmmmmm"
				      "mmmmmmmmmmmmmmmm"
				      "mmmmmmmmmmmmmmmm";

/* What comes before the opcode. */
struct state {
	const uint8_t *at, *end;
	bool wide;	      /* 64-bit code */
	bool short_data;      /* 66 */
	bool other_addresses; /* 67 */
};

static bool is_prefix(uint8_t byte)
{
	return byte == 0x26 || byte == 0x2e || byte == 0x36 || byte == 0x3e ||
	       (byte >= 0x64 && byte <= 0x67) || byte == 0xf0 || byte == 0xf2 ||
	       byte == 0xf3;
}

static void take_prefixes(struct state *s, struct x86_insn *out)
{
	for (; s->at < s->end && is_prefix(*s->at); s->at++) {
		s->short_data |= *s->at == 0x66;
		s->other_addresses |= *s->at == 0x67;
	}
	if (s->wide && s->at < s->end && (*s->at & 0xf0) == 0x40)
		out->rex = *s->at++;
}

/* The bytes behind ModRM that make an address. -1: it is cut off. */
static int address_bytes(const struct state *s, uint8_t modrm)
{
	unsigned mod = modrm >> 6, rm = modrm & 7;

	if (mod == 3)
		return 0;
	if (!s->wide && s->other_addresses)
		return mod == 1 ? 1 : mod == 2 || rm == 6 ? 2 : 0;
	if (rm == 4) {
		if (s->at >= s->end)
			return -1;
		rm = *s->at & 7;
		return 1 + (mod == 1 ? 1 : mod == 2 || rm == 5 ? 4 : 0);
	}
	return mod == 1 ? 1 : mod == 2 || rm == 5 ? 4 : 0;
}

static bool take_modrm(struct state *s, struct x86_insn *out)
{
	int bytes;

	if (s->at >= s->end)
		return false;
	out->has_modrm = true;
	out->modrm = *s->at++;
	bytes = address_bytes(s, out->modrm);
	if (bytes < 0 || s->end - s->at < bytes)
		return false;
	s->at += bytes;
	return true;
}

/* An operand of SIZE bytes, 1 to 8, with its sign. */
static bool take_imm(struct state *s, size_t size, struct x86_insn *out)
{
	uint64_t value = 0;

	if ((size_t)(s->end - s->at) < size)
		return false;
	for (size_t i = 0; i < size; i++)
		value |= (uint64_t)s->at[i] << (8 * i);
	if (size < 8 && (value >> (8 * size - 1) & 1))
		value |= ~(uint64_t)0 << (8 * size);
	out->imm = (int64_t)value;
	s->at += size;
	return true;
}

/* The operands that the letter KIND stands for. */
static bool take_operands(struct state *s, char kind, struct x86_insn *out)
{
	const bool full = out->rex & 8;
	const size_t z = s->short_data && !full ? 2 : 4;

	switch (kind) {
	case '.': return true;
	case 'b': return take_imm(s, 1, out);
	case 'w': return take_imm(s, 2, out);
	case 'W': return take_imm(s, 3, out);
	case 'z': return take_imm(s, z, out);
	case 'r': return take_imm(s, s->wide ? 4 : z, out);
	case 'v': return take_imm(s, full ? 8 : z, out);
	case 'f': return !s->wide && take_imm(s, z + 2, out);
	case 'a':
		return take_imm(s, (s->wide ? 8U : 4U) / (s->other_addresses ? 2 : 1),
				out);
	case 'm': return take_modrm(s, out);
	case 'B': return take_modrm(s, out) && take_imm(s, 1, out);
	case 'Z': return take_modrm(s, out) && take_imm(s, z, out);
	case 't':
		if (!take_modrm(s, out))
			return false;
		if ((out->modrm >> 3 & 7) > 1)
			return true;
		return take_imm(s, out->opcode == 0xf6 ? 1 : z, out);
	default: return false;
	}
}

/* Whether the byte begins a vector code (VEX, EVEX, XOP) and not an old instruction. */
static bool is_vector(const struct state *s, uint8_t byte)
{
	if (s->end - s->at < 2)
		return false;
	if (byte == 0x8f)
		return (s->at[1] & 0x1f) >= 8;
	return (byte == 0xc4 || byte == 0xc5 || byte == 0x62) &&
	       (s->wide || s->at[1] >= 0xc0);
}

static bool decode_vector(struct state *s, struct x86_insn *out)
{
	const uint8_t kind = *s->at;
	const ptrdiff_t bytes = kind == 0xc5 ? 2 : kind == 0x62 ? 4 : 3;
	unsigned map = 1;

	if (s->end - s->at < bytes + 1)
		return false;
	if (kind == 0x62)
		map = s->at[1] & 7;
	else if (kind != 0xc5)
		map = s->at[1] & 0x1f;
	s->at += bytes;
	out->opcode = *s->at++;
	if (map == 1 && out->opcode == 0x77 && kind != 0x62)
		return true;
	if (!take_modrm(s, out))
		return false;
	if (map == 3 || map == 8 || (map == 1 && two_byte[out->opcode] == 'B'))
		return take_imm(s, 1, out);
	return map != 10 || take_imm(s, 4, out);
}

static bool decode_plain(struct state *s, struct x86_insn *out)
{
	out->map = 1;
	out->opcode = *s->at++;
	if (out->opcode != 0x0f)
		return take_operands(s, one_byte[out->opcode], out);
	if (s->at >= s->end)
		return false;
	out->map = 2;
	out->opcode = *s->at++;
	if (out->opcode != 0x38 && out->opcode != 0x3a)
		return take_operands(s, two_byte[out->opcode], out);
	if (s->at >= s->end)
		return false;
	out->map = out->opcode == 0x38 ? 3 : 4;
	out->opcode = *s->at++;
	return take_operands(s, out->map == 3 ? 'm' : 'B', out);
}

bool x86_decode(const uint8_t *at, size_t left, bool wide, struct x86_insn *out)
{
	struct state s = {
		.at = at,
		.end = at + (left < LONGEST ? left : LONGEST),
		.wide = wide,
	};
	bool known;

	memset(out, 0, sizeof *out);
	take_prefixes(&s, out);
	if (s.at >= s.end)
		return false;
	known = is_vector(&s, *s.at) ? decode_vector(&s, out) : decode_plain(&s, out);
	out->length = (size_t)(s.at - at);
	return known;
}
