// SPDX-License-Identifier: MIT OR GPL-2.0
/*
 * A virtual I2C bus for the tests of Edge: a plain adapter (I2C_RDWR; SMBus by the kernel's emulation) with
 *   register chips: an 8-bit pointer that moves on, 256 registers each, written and read like memory
 *   an SHT3x: a 16-bit command, then six bytes with two checksums
 * What it measures and what goes wrong is set while it runs, in /sys/module/board_i2c/parameters:
 *   nack         so many transfers are not acknowledged (-1: all)
 *   bad_crc      so many answers of the SHT3x carry a wrong checksum (-1: all)
 *   sht_t, sht_h the SHT3x's raw temperature and humidity
 */
#include <linux/i2c.h>
#include <linux/module.h>

#define MAXIMUM_CHIPS 8

static ushort chips[MAXIMUM_CHIPS];
static int chip_count;
module_param_array(chips, ushort, &chip_count, 0444);
static ushort sht = 0x44;
module_param(sht, ushort, 0444);
static int nack;
module_param(nack, int, 0644);
static int bad_crc;
module_param(bad_crc, int, 0644);
static ushort sht_t = 0x6666;
module_param(sht_t, ushort, 0644);
static ushort sht_h = 0x8000;
module_param(sht_h, ushort, 0644);

static u8 registers[MAXIMUM_CHIPS][256];
static u8 pointers[MAXIMUM_CHIPS];
static u16 sht_command;

/* Counts a fault down; true while it lasts. */
static bool strikes(int *fault)
{
	if (*fault > 0)
		return (*fault)--;
	return *fault < 0;
}

/* CRC-8 of the SHT3x datasheet, section 4.12: polynomial 0x31, initial value 0xff. */
static u8 checksum(u16 word)
{
	u8 crc = 0xff;
	int byte, bit;

	for (byte = 1; byte >= 0; byte--) {
		crc ^= word >> (8 * byte);
		for (bit = 0; bit < 8; bit++)
			crc = (crc & 0x80) ? (crc << 1) ^ 0x31 : crc << 1;
	}
	return crc;
}

static int transfer_registers(int chip, struct i2c_msg *message)
{
	int i;

	if (message->flags & I2C_M_RD) {
		for (i = 0; i < message->len; i++)
			message->buf[i] = registers[chip][pointers[chip]++];
	} else if (message->len) {
		pointers[chip] = message->buf[0];
		for (i = 1; i < message->len; i++)
			registers[chip][pointers[chip]++] = message->buf[i];
	}
	return 0;
}

static int answer_word(struct i2c_msg *message, u16 word)
{
	u8 answer[3] = { word >> 8, word, checksum(word) };

	memcpy(message->buf, answer, min_t(int, message->len, sizeof(answer)));
	return 0;
}

static int transfer_sht(struct i2c_msg *message)
{
	u8 answer[6];
	int i;

	if (!(message->flags & I2C_M_RD)) {
		if (message->len == 2)
			sht_command = message->buf[0] << 8 | message->buf[1];
		return 0;
	}
	/* The status register is read as often as one likes, a single measurement once. */
	if (sht_command == 0xf32d)
		return answer_word(message, 0x8010);
	if (sht_command >> 8 != 0x24 && sht_command >> 8 != 0x2c)
		return -ENXIO;
	sht_command = 0;
	answer[0] = sht_t >> 8;
	answer[1] = sht_t;
	answer[2] = checksum(sht_t);
	answer[3] = sht_h >> 8;
	answer[4] = sht_h;
	answer[5] = checksum(sht_h) ^ (strikes(&bad_crc) ? 0xff : 0);
	for (i = 0; i < message->len; i++)
		message->buf[i] = i < 6 ? answer[i] : 0xff;
	return 0;
}

static int transfer_one(struct i2c_msg *message)
{
	int chip;

	for (chip = 0; chip < chip_count; chip++)
		if (chips[chip] == message->addr)
			return transfer_registers(chip, message);
	return message->addr == sht ? transfer_sht(message) : -ENXIO;
}

static int transfer(struct i2c_adapter *adapter, struct i2c_msg *messages, int count)
{
	int i, result;

	if (strikes(&nack))
		return -ENXIO;
	for (i = 0; i < count; i++) {
		result = transfer_one(&messages[i]);
		if (result)
			return result;
	}
	return count;
}

static u32 functionality(struct i2c_adapter *adapter)
{
	return I2C_FUNC_I2C | I2C_FUNC_SMBUS_EMUL;
}

static const struct i2c_algorithm algorithm = {
	.master_xfer = transfer,
	.functionality = functionality,
};

static struct i2c_adapter adapter = {
	.owner = THIS_MODULE,
	.algo = &algorithm,
	.name = "Edge virtual board",
};

static int __init board_i2c_start(void)
{
	return i2c_add_adapter(&adapter);
}

static void __exit board_i2c_stop(void)
{
	i2c_del_adapter(&adapter);
}

module_init(board_i2c_start);
module_exit(board_i2c_stop);
MODULE_DESCRIPTION("Virtual I2C bus for the tests of Edge");
MODULE_LICENSE("Dual MIT/GPL");
